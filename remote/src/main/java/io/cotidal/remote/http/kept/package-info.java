/**
 * HTTP/1.1 over connections that are kept, for servers that are asked often and for bodies of any
 * length. Calls block; each read and each write has a deadline; a target, headers and bodies go out
 * and come in as they are, byte for byte. A body that breaks never looks like one that ended. What
 * is general stands here, no server's own words.
 */
@NullMarked
package io.cotidal.remote.http.kept;

import org.jspecify.annotations.NullMarked;
