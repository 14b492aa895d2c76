package io.cotidal.copies.steps;

import io.cotidal.copies.database.Installation;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.model.Names;
import java.nio.file.Path;

/** Where a template's things lie on its volume. Ids, not names, make paths. */
final class Layout {
  private static final String HOUSE = ".cotidal";

  private final Path root;
  private final String template;

  Layout(CopiesSpec spec) {
    this.root = spec.storage().volume();
    this.template = spec.id().name();
  }

  /** The folder of all that is Cotidal's own on the volume. */
  Path house() {
    return root.resolve(HOUSE);
  }

  /** The folder of all places of the template. */
  Path places() {
    return house().resolve(template);
  }

  /** The folder of one place. */
  Path folder(String id) {
    return places().resolve(Names.check("place", id));
  }

  Path data(String id) {
    return folder(id).resolve("data");
  }

  Path run(String id) {
    return folder(id).resolve("run");
  }

  /** The server's certificate, where everybody on the host can read it. */
  Path certificate(String id) {
    return folder(id).resolve("server.crt");
  }

  /** What is known of the place once it was made; durable, and written last. */
  Path made(String id) {
    return folder(id).resolve("made");
  }

  /** To whom a spare was handed out; written last, and good as long as its server runs. */
  Path handed(String id) {
    return folder(id).resolve("handed");
  }

  /** Beside the places, so that it outlives what it guards: a late act must find its refusal. */
  Path gated(String id) {
    return gates().resolve(id);
  }

  /** The folder of the gates of the template's places. */
  Path gates() {
    return house().resolve("gates").resolve(template);
  }

  /** In which server a copy is a database; absent if it has one of its own. */
  Path tenancy(String id) {
    return folder(id).resolve("tenancy");
  }

  /** There as long as a generation's server may hold databases of copies that are gone. */
  Path owing(String host) {
    return folder(host).resolve("owing");
  }

  /** The id of the place of the server that all copies of a generation share. */
  static String host(String generation) {
    return "h" + generation.substring(1);
  }

  /** The folder in which the base of that installation lies. */
  Path base(Installation installation) {
    return house().resolve("base").resolve(installation.engine() + "-" + installation.version());
  }

  /** The folder of the dumps that clients sent; no template's name begins with a dot. */
  Path uploads() {
    return house().resolve(".uploads").resolve(template);
  }

  /** Where the upload of that name lies. */
  Path upload(String id) {
    return uploads().resolve(Names.check("upload", id));
  }

  /** The id of a place for those who see all templates of the host at once. */
  String unique(String id) {
    return template + "." + id;
  }

  /** The place's id out of a unique one; empty if that is another template's. */
  String own(String unique) {
    return unique.startsWith(template + ".") ? unique.substring(template.length() + 1) : "";
  }

  /** The folder of the links that the original's users know. */
  Path links() {
    return root.resolve("data");
  }

  /** The link that the original's users know for the template itself. */
  Path link() {
    return links().resolve(template);
  }

  /** The link that the original's users know for a copy. */
  Path link(String copy) {
    return links().resolve(template + "-" + copy);
  }
}
