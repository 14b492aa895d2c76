/**
 * People whom a directory knows by a name and a password. Depends on the library's connections and
 * on trust; nothing here manages a directory.
 */
@NullMarked
package io.cotidal.directory.people;

import org.jspecify.annotations.NullMarked;
