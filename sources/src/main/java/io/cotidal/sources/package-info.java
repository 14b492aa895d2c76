/**
 * Where members come from: a list, a file, HTTP, DNS, Rancher, Consul, Docker, Kubernetes, and
 * combinations of them. A source that cannot answer says so; it never answers with an empty list.
 * Depends on the model, the engine's port, and remote.
 */
@NullMarked
package io.cotidal.sources;

import org.jspecify.annotations.NullMarked;
