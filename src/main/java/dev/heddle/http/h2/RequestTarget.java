package dev.heddle.http.h2;

/// The `:path` of a request.
///
/// @param path as it was sent, from its first `/`, or `*`
/// @param query without the `?`, empty where there is none
record RequestTarget(String path, String query) {
    static RequestTarget of(String target) {
        var mark = target.indexOf('?');
        return mark < 0
                ? new RequestTarget(target, "")
                : new RequestTarget(target.substring(0, mark), target.substring(mark + 1));
    }
}
