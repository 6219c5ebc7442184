package io.liiklus.faults.deployment;

/**
 * Address at which a client reaches a gateway: its own port, or one of a relay in front of it.
 * Immutable.
 *
 * @param gateway the name of the gateway
 * @param port on 127.0.0.1
 */
public record Address(String gateway, int port) {}
