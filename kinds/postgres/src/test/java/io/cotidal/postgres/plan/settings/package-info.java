@NullMarked
package io.cotidal.postgres.plan.settings;

import org.jspecify.annotations.NullMarked;
