// SPDX-License-Identifier: Apache-2.0
/// Services that are processes of their own, spoken to by gRPC. The one module of the services that has
/// libraries of others: `docs/decisions/0017`.
module gate.server.grpc {
    requires transitive gate.server.service;
    requires com.google.common; // its ListenableFuture
    requires com.google.protobuf;
    requires io.grpc;
    requires io.grpc.netty;
    requires io.grpc.protobuf;
    requires io.grpc.stub;
    requires io.netty.common;
    requires io.netty.transport;
    requires java.logging; // see gate.server.grpc.Connection
    requires static org.jspecify;

    exports gate.server.grpc;

    provides gate.server.service.ServiceConnector with
            gate.server.grpc.GrpcConnector;
}
