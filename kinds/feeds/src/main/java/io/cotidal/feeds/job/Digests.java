package io.cotidal.feeds.job;

import java.util.ArrayList;
import java.util.List;

/** What tells one wish from another: digests of bodies. */
final class Digests {
  private final Subject subject;
  private final String batch;

  /**
   * Digests of what is asked for {@code subject}.
   *
   * @param batch the master's batch, which stands for content where a job names no MD5
   */
  Digests(Subject subject, String batch) {
    this.subject = subject;
    this.batch = batch;
  }

  /** Of what the database shall hold; empty if that is nothing. */
  String data(Body body) {
    return switch (body) {
      case Body.Layer layer ->
          layer
              .data()
              .filter(_ -> layer.database())
              .map(dump -> table(subject, layer.schemas(), content(dump)))
              .orElse("");
      case Body.Workspace workspace ->
          workspace.database() ? Digest.of("schemas", workspace.schemas(), workspace.access()) : "";
      case Body.Roles roles -> Digest.of("roles", roles.sql());
      case Body.WmsStore _,
          Body.WmsLayer _,
          Body.LiveStore _,
          Body.LiveLayer _,
          Body.Group _,
          Body.Rules _ ->
          "";
    };
  }

  /**
   * Of a table that was loaded from a dump.
   *
   * @param content checksum of the dump, or what stands for it
   */
  static String table(Subject subject, Body.Schemas schemas, String content) {
    return Digest.of("table", schemas.view(), schemas.data(), subject.name(), content);
  }

  /** Of what GeoServer is told; empty if that is nothing. */
  String face(Body body) {
    return switch (body) {
      case Body.Layer layer ->
          Digest.of(
              "layer",
              layer.schemas().view(),
              layer.spatialColumn(),
              layer.spatialType(),
              layer.shown(),
              layer.access(),
              face(layer.face()));
      case Body.WmsStore store ->
          Digest.of(
              "wms-store",
              store.capabilities(),
              store.user(),
              Digest.of(subject, store.password()),
              store.maxConnections(),
              store.readTimeout(),
              store.connectTimeout());
      case Body.WmsLayer layer ->
          Digest.of(
              "wms-layer", layer.store(), layer.nativeName(), layer.access(), face(layer.face()));
      case Body.LiveStore store ->
          Digest.of(
              "live-store",
              store.host(),
              store.port(),
              store.database(),
              store.user(),
              Digest.of(subject, store.password()),
              store.schema(),
              settings(store));
      case Body.LiveLayer layer ->
          Digest.of(
              "live-layer",
              layer.store(),
              layer.table(),
              layer.query(),
              layer.spatialColumn(),
              layer.spatialType(),
              layer.access(),
              face(layer.face()));
      case Body.Group group ->
          Digest.of(
              "group",
              Digest.of(group.members().stream().map(Body.Member::subject).toArray()),
              group.access(),
              face(group.face()));
      case Body.Workspace workspace -> Digest.of("workspace", workspace.shown());
      case Body.Rules rules -> Digest.of("rules", rules(rules));
      case Body.Roles _ -> "";
    };
  }

  private static String settings(Body.LiveStore store) {
    List<Object> all = new ArrayList<>();
    store
        .settings()
        .forEach((key, value) -> {
          all.add(key);
          all.add(value);
        });
    return Digest.of(all.toArray());
  }

  private static String rules(Body.Rules rules) {
    return Digest.of(
        rules.rules().stream().map(rule -> Digest.of(rule.resource(), rule.roles())).toArray());
  }

  private String face(Face face) {
    List<Object> styles = new ArrayList<>();
    face.styles()
        .forEach((name, file) -> {
          styles.add(name);
          styles.add(content(file));
        });
    return Digest.of(
        face.title(),
        face.summary(),
        Digest.of(face.keywords().toArray()),
        face.crs(),
        face.box(),
        face.overrideBox(),
        Digest.of(styles.toArray()),
        face.defaultStyle(),
        face.cache(),
        face.service());
  }

  /** Where it lies says little; a new batch may lie in the same place. */
  private String content(Blob blob) {
    return blob.pinned() ? blob.md5() : Digest.of(blob.host(), blob.path(), batch);
  }
}
