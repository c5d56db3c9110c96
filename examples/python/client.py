"""Signs up over gRPC, and asks who is signed in: PYTHONPATH=gen python client.py 127.0.0.1:4433"""
import sys
import time

import grpc
from ostiary.public.v1 import registration_service_pb2 as registration
from ostiary.public.v1 import registration_service_pb2_grpc as registration_grpc
from ostiary.public.v1 import session_service_pb2 as session
from ostiary.public.v1 import session_service_pb2_grpc as session_grpc
from ostiary.type.v1 import submission_pb2 as submission

channel = grpc.insecure_channel(sys.argv[1])

stub = registration_grpc.RegistrationServiceStub(channel)
flow = stub.CreateNativeRegistrationFlow(registration.CreateNativeRegistrationFlowRequest()).flow
wanted = submission.RegistrationSubmission()
wanted.password.password = "correct horse battery"
wanted.password.traits.update({"email": f"python-{time.time_ns()}@example.org"})
done = stub.UpdateRegistrationFlow(registration.UpdateRegistrationFlowRequest(flow=flow.id, submission=wanted))

token = [("x-session-token", done.session_token)]
who = session_grpc.SessionServiceStub(channel).ToSession(session.ToSessionRequest(), metadata=token)
print("signed in:", who.session.identity.traits["email"])
