package io.cotidal.objects.mover;

import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Timestamp;

/**
 * What an object becomes.
 *
 * @param stamp when it is to have been written
 * @param fresh whether nothing may be there
 */
record Aim(ContainerName container, String name, Timestamp stamp, boolean fresh) {}
