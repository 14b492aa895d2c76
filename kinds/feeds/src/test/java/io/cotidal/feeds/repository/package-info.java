/** Tests of state repositories, on real Git, Mercurial and SSH. */
@NullMarked
package io.cotidal.feeds.repository;

import org.jspecify.annotations.NullMarked;
