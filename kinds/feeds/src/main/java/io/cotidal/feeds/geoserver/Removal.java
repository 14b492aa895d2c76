package io.cotidal.feeds.geoserver;

import io.cotidal.feeds.geoserver.SiteException.Kind;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Takes things away. What is gone already is no trouble. */
final class Removal {
  private final Calls calls;

  Removal(Calls calls) {
    this.calls = calls;
  }

  Applied remove(Gone gone) throws SiteException {
    switch (gone) {
      case Gone.Layer layer -> layer(layer.subject());
      case Gone.Store store -> store(store.subject());
      case Gone.Group group -> {
        Subject subject = group.subject();
        boolean _ = calls.delete(Groups.path(subject));
        new Tiles(calls).remove(subject.workspace() + ":" + subject.name());
      }
      case Gone.Workspace workspace -> {
        String path = Rest.path("workspaces", workspace.subject().workspace() + ".json");
        if (!calls.deleteUnused(path)) {
          throw new SiteException(
              Kind.REJECTED, calls.place(path) + ": something is left in it: withdraw that first");
        }
      }
      case Gone.Rules rules -> new AccessRules(calls).remove(rules.resources());
    }
    return new Applied(calls.writes(), "");
  }

  private void layer(Subject subject) throws SiteException {
    boolean cascaded = subject.sort() == Sort.WMS_LAYER;
    resource(subject, cascaded);
    if (!cascaded) {
      StyleBook book = new StyleBook(calls, subject);
      book.prune(book.there(), Set.of());
    }
    new Tiles(calls).remove(subject.workspace() + ":" + subject.name());
    if (subject.sort() == Sort.LAYER) {
      ownStore(subject.workspace());
    }
  }

  /**
   * Takes the layer away, then its data. In that order: deleting both at once would take the layer
   * out of groups without a word, while alone it is refused if a group uses it.
   */
  void resource(Subject subject, boolean cascaded) throws SiteException {
    Optional<JsonNode> found =
        calls
            .get(Shape.anywhere(subject, cascaded))
            .map(answer -> answer.path(cascaded ? "wmsLayer" : "featureType"));
    if (found.isEmpty()) {
      return;
    }
    boolean _ = calls.delete(ShownLayer.path(subject.workspace() + ":" + subject.name()));
    String store = Tree.text(found.get().path("store"), "name");
    boolean _ =
        calls.delete(
            Shape.collection(subject, store.substring(store.indexOf(':') + 1), cascaded)
                + "/"
                + Rest.encoded(subject.name() + ".json")
                + "?recurse=true");
  }

  /** The workspace's own datastore goes with its last layer. */
  private void ownStore(String workspace) throws SiteException {
    String store = Rest.path("workspaces", workspace, "datastores", Spot.own(workspace));
    Optional<JsonNode> types = calls.get(store + "/featuretypes.json");
    if (types.isPresent() && Tree.names(types.get(), "featureTypes", "featureType").isEmpty()) {
      boolean _ = calls.deleteUnused(store + ".json");
    }
  }

  private void store(Subject subject) throws SiteException {
    String path =
        Rest.path(
            "workspaces",
            subject.workspace(),
            subject.sort() == Sort.WMS_STORE ? "wmsstores" : "datastores",
            subject.name() + ".json");
    try {
      boolean _ = calls.delete(path);
    } catch (SiteException e) {
      // Of a WMS store in use it says 401, too; whoever may read it is let in.
      if (e.kind() == Kind.UNAUTHORISED && calls.get(path).isPresent()) {
        throw new SiteException(
            Kind.REJECTED, calls.place(path) + ": layers still use it: withdraw them first", e);
      }
      throw e;
    }
  }
}
