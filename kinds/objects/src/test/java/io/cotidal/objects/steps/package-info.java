@NullMarked
package io.cotidal.objects.steps;

import org.jspecify.annotations.NullMarked;
