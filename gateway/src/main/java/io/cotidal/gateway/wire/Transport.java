package io.cotidal.gateway.wire;

import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.function.Supplier;

/**
 * How sockets are made and waited for.
 *
 * @param handlers one is made for each event loop
 * @param servers make what listens
 * @param sockets make what connects
 */
record Transport(
    Supplier<IoHandlerFactory> handlers,
    ChannelFactory<ServerChannel> servers,
    ChannelFactory<SocketChannel> sockets) {
  /** What Java has everywhere. */
  static final Transport JAVA =
      new Transport(NioIoHandler::newFactory, NioServerSocketChannel::new, NioSocketChannel::new);

  /** Linux's own way where there is one: fewer system calls, fewer objects. */
  static Transport best() {
    return Epoll.isAvailable()
        ? new Transport(
            EpollIoHandler::newFactory, EpollServerSocketChannel::new, EpollSocketChannel::new)
        : JAVA;
  }
}
