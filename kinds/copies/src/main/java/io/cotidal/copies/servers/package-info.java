/**
 * Runtimes: how a database server is run on this host, as plain processes or in containers. {@link
 * io.cotidal.copies.servers.ServerRuntime} is the seam. Depends on model, remote, database.
 */
@NullMarked
package io.cotidal.copies.servers;

import org.jspecify.annotations.NullMarked;
