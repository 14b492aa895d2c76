/**
 * OpenLDAP: what {@code cn=config} and the suffix entry of a slapd say, and the LDAP operations
 * that make and mend a multi-provider replication. Depends on the LDAP library, and of the kind on
 * spec, graph, observe, ldap, the vocabulary of plan, and target.
 */
@NullMarked
package io.cotidal.directory.openldap;

import org.jspecify.annotations.NullMarked;
