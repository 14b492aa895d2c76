/** What is special about slapd. */
@NullMarked
package io.cotidal.directory.openldap;

import org.jspecify.annotations.NullMarked;
