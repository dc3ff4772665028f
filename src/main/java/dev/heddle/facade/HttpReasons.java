package dev.heddle.facade;

/// The reasons, within [dev.heddle.rpc.RpcException#DOMAIN], of what HTTP itself refuses.
public final class HttpReasons {
    /// No route has the path. HTTP status 404, NOT_FOUND.
    public static final String ROUTE_NOT_FOUND = "ROUTE_NOT_FOUND";

    /// The path exists under other HTTP methods. HTTP status 405, UNIMPLEMENTED.
    public static final String METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED";

    /// No representation of the response is accepted. HTTP status 406, INVALID_ARGUMENT.
    public static final String NOT_ACCEPTABLE = "NOT_ACCEPTABLE";

    /// The body of the request paused for too long. HTTP status 408, DEADLINE_EXCEEDED.
    public static final String BODY_TIMEOUT = "BODY_TIMEOUT";

    /// The body of the request, or a message within it, is too large. HTTP status 413,
    /// RESOURCE_EXHAUSTED.
    public static final String BODY_TOO_LARGE = "BODY_TOO_LARGE";

    /// The body of the request is of a type or a coding that is not understood. HTTP status 415,
    /// INVALID_ARGUMENT.
    public static final String UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE";

    /// The request must become a WebSocket. HTTP status 426, UNIMPLEMENTED.
    public static final String UPGRADE_REQUIRED = "UPGRADE_REQUIRED";

    private HttpReasons() {}
}
