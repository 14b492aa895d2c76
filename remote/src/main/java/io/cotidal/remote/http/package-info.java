/**
 * Asking over HTTP without being led astray: a name is resolved once, addresses of the link are
 * refused unless they were named as wanted, no redirect is followed, every answer has a limit of
 * size and time. Also over Unix sockets. Calls block; none starts a thread.
 */
@NullMarked
package io.cotidal.remote.http;

import org.jspecify.annotations.NullMarked;
