@NullMarked
package io.cotidal.app.objects;

import org.jspecify.annotations.NullMarked;
