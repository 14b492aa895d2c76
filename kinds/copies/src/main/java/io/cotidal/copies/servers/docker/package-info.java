/**
 * Database servers in containers of Docker, spoken to over the Engine's Unix socket without a
 * library. {@link io.cotidal.copies.servers.docker.DockerRuntime} is the door. Depends on servers,
 * database, remote, model.
 */
@NullMarked
package io.cotidal.copies.servers.docker;

import org.jspecify.annotations.NullMarked;
