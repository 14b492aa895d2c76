/** What one look at one directory server tells, in words that hold for every vendor. Pure. */
@NullMarked
package io.cotidal.directory.observe;

import org.jspecify.annotations.NullMarked;
