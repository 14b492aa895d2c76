package io.cotidal.gateway.wire;

import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.door.Head;
import io.cotidal.gateway.door.Peer;
import io.cotidal.remote.http.Guard;
import io.cotidal.remote.http.HttpAddress;
import io.cotidal.remote.http.HttpTrouble;
import io.cotidal.remote.http.Trust;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * A site as it is connected to: the own one, or another one.
 *
 * @param address resolved once
 * @param far how requests are changed for it; empty for the own site, which gets what came
 */
record Upstream(InetSocketAddress address, Optional<Far> far) {
  /**
   * Another site.
   *
   * @param url of it
   * @param tls with whom it trusts; empty for plain HTTP
   */
  record Far(String name, HttpAddress url, Optional<SSLContext> tls) {}

  /** The client's own site. */
  static Upstream own(InetSocketAddress address) {
    return new Upstream(address, Optional.empty());
  }

  /**
   * Another one.
   *
   * @throws IOException if it cannot be asked without telling everybody what goes there, or its
   *     certificates cannot be read
   */
  static Upstream of(Peer peer) throws IOException {
    HttpAddress url = HttpAddress.parse(peer.url());
    InetSocketAddress address = new InetSocketAddress(url.host(), url.port());
    boolean told = address.isUnresolved() || Guard.ownNetwork().tells(address.getAddress());
    if (!url.tls() && !told) {
      throw new IOException(
          "site "
              + peer.name()
              + ": a token would go there in plain over a network that is not private: use https");
    }
    try {
      Optional<SSLContext> tls =
          url.tls() ? Optional.of(Trust.context(peer.authority())) : Optional.empty();
      return new Upstream(address, Optional.of(new Far(peer.name(), url, tls)));
    } catch (HttpTrouble e) {
      throw new IOException("site " + peer.name() + ": " + e.getMessage(), e);
    }
  }

  /** What is encrypted there, is. */
  void secure(ChannelPipeline pipeline) {
    if (far.isEmpty() || far.get().tls().isEmpty()) {
      return;
    }
    HttpAddress url = far.get().url();
    SSLEngine engine = far.get().tls().get().createSSLEngine(url.host(), url.port());
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    pipeline.addLast(new SslHandler(engine));
  }

  /** The request as this site wants it: to its own name, below its own path. */
  Head meant(Head head) {
    if (far.isEmpty()) {
      return head;
    }
    HttpAddress url = far.get().url();
    List<Field> fields = new ArrayList<>();
    fields.add(new Field("Host", url.authority()));
    head.fields().stream().filter(field -> !field.is("Host")).forEach(fields::add);
    String version = url.under("");
    int last = version.lastIndexOf('/');
    return new Head(head.method(), version.substring(0, Math.max(0, last)) + head.target(), fields);
  }

  @Override
  public String toString() {
    return far.map(Far::name).orElse(address.toString());
  }
}
