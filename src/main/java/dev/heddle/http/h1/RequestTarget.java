package dev.heddle.http.h1;

import dev.heddle.http.carrier.Characters;

/// The target of a request, as it was sent.
///
/// @param path from its first `/`, or `*`
/// @param query without the `?`, empty where there is none
record RequestTarget(String path, String query) {

    /// Takes the forms of RFC 9112, section 3.2, that a server which is no proxy can answer. The
    /// authority of the absolute form is dropped: the same service answers on every name.
    static RequestTarget parse(String method, String target) throws RefusedException {
        if (!Characters.isVisible(target) || target.indexOf('#') >= 0) {
            throw RefusedException.malformed("the target holds a character that has to be escaped");
        }
        if (target.equals("*") && method.equals("OPTIONS")) {
            return new RequestTarget("*", "");
        }
        var origin = origin(target);
        var mark = origin.indexOf('?');
        return mark < 0
                ? new RequestTarget(origin, "")
                : new RequestTarget(origin.substring(0, mark), origin.substring(mark + 1));
    }

    private static String origin(String target) throws RefusedException {
        if (target.startsWith("/")) {
            return target;
        }
        if (!target.regionMatches(true, 0, "http://", 0, 7)
                && !target.regionMatches(true, 0, "https://", 0, 8)) {
            throw RefusedException.malformed("the target does not begin with a slash");
        }
        var authority = target.indexOf("//") + 2;
        var end = authority;
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        if (end == authority) {
            throw RefusedException.malformed("the target has no host");
        }
        var rest = target.substring(end);
        return rest.startsWith("/") ? rest : "/" + rest;
    }
}
