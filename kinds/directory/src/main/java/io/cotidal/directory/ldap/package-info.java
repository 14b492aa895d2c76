/**
 * LDAP as every vendor's servers speak it: kept connections, what their troubles mean, a canary and
 * a digest, and the servers of a directory but for what is particular to a vendor. Depends on the
 * LDAP library, and of this kind on spec, observe, target and the vocabulary of plan.
 */
@NullMarked
package io.cotidal.directory.ldap;

import org.jspecify.annotations.NullMarked;
