package io.cotidal.lab;

/**
 * A server that a prober writes to.
 *
 * @param member its name
 * @param host loopback address
 * @param port where it listens
 */
public record Target(String member, String host, int port) {}
