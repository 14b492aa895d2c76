package io.cotidal.sources.port;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;

/** Stand-in. */
public record Found(MemberId id, Details attributes) {}
