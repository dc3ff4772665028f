"""Calls every kind of thing on a gateway, as a client of another language sees it.

Meant to be read as an example, and run by etc/clients/python/run. Ends with 1 at the first answer
that is not as expected.
"""

import sys
import uuid

import grpc
from google.protobuf import duration_pb2, field_mask_pb2
from google.rpc import error_details_pb2, status_pb2
from heddle.diagnostics.v1 import diagnostics_pb2 as echo
from heddle.diagnostics.v1 import diagnostics_pb2_grpc
from heddle.users.v1 import users_pb2 as users
from heddle.users.v1 import users_pb2_grpc


class Mismatch(Exception):
    """An answer that is not as expected."""


def expect(what, actual, expected):
    if actual != expected:
        raise Mismatch(f"{what}: {actual!r} (expected: {expected!r})")
    print(f"ok  {what}")


def failure(call):
    """The error that a call ends with."""
    try:
        call()
    except grpc.RpcError as error:
        return error
    raise Mismatch("the call ended well (expected: an error)")


def detail(error, kind):
    """The first detail of a kind, out of the google.rpc.Status in the trailers; None if there is none."""
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for packed in status_pb2.Status.FromString(value).details:
                unpacked = kind()
                if packed.Unpack(unpacked):
                    return unpacked
    return None


def reason(error):
    info = detail(error, error_details_pb2.ErrorInfo)
    return info.reason if info else None


def diagnostics(stub, token):
    text = "hello, wörld 糸"
    answer, call = stub.Echo.with_call(echo.EchoRequest(message=text), metadata=token)
    expect("unary: message", answer.message, text)
    expect("unary: status", call.code(), grpc.StatusCode.OK)

    stream = stub.EchoStream(echo.EchoRequest(message="x", count=1000), metadata=token)
    expect("server stream: numbers", [m.index for m in stream], list(range(1, 1001)))

    parts = (echo.EchoRequest(message=m) for m in ("a", "b", "c"))
    expect("client stream: message", stub.EchoCollect(parts, metadata=token).message, "a b c")

    chat = stub.EchoChat((echo.EchoRequest(message=m) for m in ("a", "b")), metadata=token)
    expect("chat: messages", [m.message for m in chat], ["a", "b"])

    asked = status_pb2.Status(code=grpc.StatusCode.DATA_LOSS.value[0], message="100% ½ 糸")
    asked.details.add().Pack(error_details_pb2.ErrorInfo(reason="ASKED", domain="example.com"))
    error = failure(lambda: stub.Echo(echo.EchoRequest(error=asked), metadata=token))
    expect("error: code", error.code(), grpc.StatusCode.DATA_LOSS)
    expect("error: message", error.details(), "100% ½ 糸")
    expect("error: reason", reason(error), "ASKED")

    error = failure(lambda: stub.Echo(echo.EchoRequest(message="x")))
    expect("no token: code", error.code(), grpc.StatusCode.UNAUTHENTICATED)

    slow = echo.EchoRequest(message="x", count=5, interval=duration_pb2.Duration(seconds=60))
    error = failure(lambda: list(stub.EchoStream(slow, metadata=token, timeout=0.3)))
    expect("deadline: code", error.code(), grpc.StatusCode.DEADLINE_EXCEEDED)

    stream = stub.EchoStream(echo.EchoRequest(message="x", count=10_000_000), metadata=token)
    next(stream)
    stream.cancel()
    expect("cancel: code", failure(lambda: list(stream)).code(), grpc.StatusCode.CANCELLED)


def user_service(stub, token):
    email = f"{uuid.uuid4()}@example.com"
    request = users.CreateUserRequest(user=users.User(email=email, name="Ada"))
    created = stub.CreateUser(request, metadata=token)
    expect("user: created", (created.email, created.name, bool(created.id)), (email, "Ada", True))
    found = stub.GetUser(users.GetUserRequest(id=created.id), metadata=token)
    expect("user: found", found, created)

    error = failure(lambda: stub.CreateUser(request, metadata=token))
    expect("user twice: code", error.code(), grpc.StatusCode.ALREADY_EXISTS)
    expect("user twice: reason", reason(error), "EMAIL_TAKEN")

    invalid = users.CreateUserRequest(user=users.User(email="nobody"))
    error = failure(lambda: stub.CreateUser(invalid, metadata=token))
    expect("invalid user: code", error.code(), grpc.StatusCode.INVALID_ARGUMENT)
    violations = detail(error, error_details_pb2.BadRequest)
    fields = sorted(v.field for v in violations.field_violations) if violations else None
    expect("invalid user: fields", fields, ["user.email", "user.name"])

    update = users.UpdateUserRequest(
        user=users.User(id=created.id, name="Ada Lovelace"),
        update_mask=field_mask_pb2.FieldMask(paths=["name"]),
    )
    updated = stub.UpdateUser(update, metadata=token)
    expect("user: updated", (updated.name, updated.email), ("Ada Lovelace", email))

    export = stub.ExportUsers(
        users.ExportUsersRequest(filter=f'email = "{email}"'), metadata=token
    )
    expect("users: exported", [user.id for user in export], [created.id])

    stub.DeleteUser(users.DeleteUserRequest(id=created.id), metadata=token)
    error = failure(lambda: stub.GetUser(users.GetUserRequest(id=created.id), metadata=token))
    expect("deleted user: code", error.code(), grpc.StatusCode.NOT_FOUND)
    expect("deleted user: reason", reason(error), "USER_NOT_FOUND")


def main(target, token):
    metadata = (("authorization", f"Bearer {token}"),)
    with grpc.insecure_channel(target) as channel:
        grpc.channel_ready_future(channel).result(timeout=10)
        diagnostics(diagnostics_pb2_grpc.DiagnosticsServiceStub(channel), metadata)
        user_service(users_pb2_grpc.UserServiceStub(channel), metadata)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:3])
    except Mismatch as mismatch:
        sys.exit(f"FAILED  {mismatch}")
    except grpc.FutureTimeoutError:
        sys.exit(f"FAILED  no gateway answers at {sys.argv[1]} within 10 s")
    except grpc.RpcError as error:
        sys.exit(f"FAILED  {error.code()}: {error.details()}")
