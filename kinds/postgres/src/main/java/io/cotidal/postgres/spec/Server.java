package io.cotidal.postgres.spec;

import io.cotidal.model.MemberId;
import java.nio.file.Path;

/**
 * One server of a cluster, run as a local process.
 *
 * @param host where it listens, as its clients and the control plane reach it
 * @param port 1 to 65535
 * @param data its data directory; the gate's files lie beside it, in a directory of the same name
 *     with {@code .gate}
 * @param bin the directory of {@code initdb}, {@code pg_ctl} and {@code postgres}
 * @param user the operating-system user that runs it; empty for the control plane's own
 */
public record Server(MemberId id, String host, int port, Path data, Path bin, String user) {}
