package io.cotidal.bench;

import io.cotidal.gateway.desk.Lodge;
import io.cotidal.gateway.outbox.OutboxFailed;
import io.cotidal.gateway.wire.Gateway;
import io.cotidal.gateway.wire.Settings;
import io.cotidal.lab.swift.SwiftLogin;
import io.cotidal.lab.swift.SwiftUser;
import io.cotidal.objects.spec.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;

/** A gateway in this process, before the site that is near. */
final class ObjectsGate implements AutoCloseable {
  private final Lodge lodge;
  private final Gateway gateway;

  private ObjectsGate(Lodge lodge, Gateway gateway) {
    this.lodge = lodge;
    this.gateway = gateway;
  }

  /**
   * Opens one.
   *
   * @param name of its folder
   */
  static ObjectsGate open(ObjectsHouse house, String name, Promise promise)
      throws BenchProblem, IOException {
    Lodge lodge;
    try {
      lodge =
          Lodge.open(house.lodge(name), ObjectsHouse.promising(promise), InstantSource.system());
    } catch (OutboxFailed e) {
      throw new BenchProblem(String.valueOf(e.getMessage()), e);
    }
    try {
      InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      return new ObjectsGate(
          lodge, Gateway.start(Settings.of(any, house.here().address()), lodge.door()));
    } catch (IOException | RuntimeException e) {
      lodge.close();
      throw e;
    }
  }

  /** Owns the account, and goes through the gateway. */
  SwiftUser user() {
    return new SwiftUser(gateway.address(), SwiftLogin.TESTER);
  }

  /** How many containers wait for other sites. */
  int waiting() {
    return lodge.waiting().size();
  }

  @Override
  public void close() {
    gateway.close();
    lodge.close();
  }
}
