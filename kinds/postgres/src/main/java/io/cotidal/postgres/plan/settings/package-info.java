/** Parameters as declared and as found, and how they get into force. */
@NullMarked
package io.cotidal.postgres.plan.settings;

import org.jspecify.annotations.NullMarked;
