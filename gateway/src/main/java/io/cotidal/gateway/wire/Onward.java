package io.cotidal.gateway.wire;

import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.door.Head;
import io.cotidal.gateway.wire.message.Framing;
import io.cotidal.gateway.wire.message.HeadWriter;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * What a message gets on its way through.
 *
 * @param peer the client, for {@code X-Forwarded-For}
 * @param local where the client has reached the gateway, for requests that name no host
 * @param id of the request
 */
record Onward(String peer, String local, String id) {
  /** The field with the request's number. */
  static final String ID = "X-Cotidal-Request";

  private static final String FORWARDED = "X-Forwarded-For";

  /** Who has passed it on. */
  private static final Field VIA = new Field("Via", "1.1 cotidal");

  /** Writes the head of a request as the site gets it. */
  void request(ByteBuf out, Head head, Framing framing) {
    List<Field> fields = new ArrayList<>(head.fields().size() + 4);
    int forwarded = -1;
    boolean host = false;
    for (Field field : head.fields()) {
      if (field.is(ID)) {
        continue;
      }
      host |= field.is("Host");
      forwarded = field.is(FORWARDED) ? fields.size() : forwarded;
      fields.add(field);
    }
    if (!host) {
      fields.addFirst(new Field("Host", local));
    }
    if (forwarded < 0) {
      fields.add(new Field(FORWARDED, peer));
    } else {
      int at = host ? forwarded : forwarded + 1;
      Field before = fields.get(at);
      fields.set(at, new Field(before.name(), before.value() + ", " + peer));
    }
    fields.add(VIA);
    fields.add(new Field(ID, id));
    new HeadWriter(out).request(head.method(), head.target()).framed(fields, framing).end();
  }

  /** The fields of an answer as the client gets them, but those of the connection. */
  List<Field> answer(List<Field> before) {
    List<Field> fields = new ArrayList<>(before.size() + 3);
    fields.addAll(before);
    fields.add(VIA);
    fields.add(new Field(ID, id));
    return fields;
  }
}
