/**
 * 389 Directory Server: what its configuration and its vectors say, and the LDAP operations that
 * make and mend a replication. Depends on the LDAP library, and of this kind on spec, graph,
 * observe, ldap, the vocabulary of plan, and target.
 */
@NullMarked
package io.cotidal.directory.target.ds389;

import org.jspecify.annotations.NullMarked;
