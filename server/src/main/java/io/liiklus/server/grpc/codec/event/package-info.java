/**
 * CloudEvents 1.0 as they are stored: in Kafka's binary content mode (CloudEvents' Kafka protocol
 * binding, 3.2), attributes as {@code ce_} headers and the data as the value. The structured mode
 * (3.3) and the JSON event format are read too.
 */
package io.liiklus.server.grpc.codec.event;
