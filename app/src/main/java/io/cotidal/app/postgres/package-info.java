/** What the kind postgres needs on a person's own machine: preparing the machines of members. */
@NullMarked
package io.cotidal.app.postgres;

import org.jspecify.annotations.NullMarked;
