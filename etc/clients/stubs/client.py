"""Calls a gateway with stubs that were generated from what it says of itself."""

import sys
import uuid

import grpc
from heddle.users.v1 import users_pb2, users_pb2_grpc

target, token = sys.argv[1:]
with grpc.insecure_channel(target) as channel:
    users = users_pb2_grpc.UserServiceStub(channel)
    metadata = [("authorization", "Bearer " + token)]
    email = f"{uuid.uuid4()}@example.com"
    created = users.CreateUser(
        users_pb2.CreateUserRequest(user=users_pb2.User(email=email, name="Ada")), metadata=metadata, timeout=60
    )
    found = users.GetUser(users_pb2.GetUserRequest(id=created.id), metadata=metadata, timeout=60)
    assert found.email == email, found
    users.DeleteUser(users_pb2.DeleteUserRequest(id=created.id), metadata=metadata, timeout=60)
print("stubs and gateway agree")
