using System.Buffers.Binary;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Drover.Server.Http;

/// <summary>The process at the other end of the unix socket, as the kernel names it. Its absence says that a request came over TCP.</summary>
/// <param name="Pid">In our own PID namespace; 0 when the process is not visible from it.</param>
internal sealed record PeerProcess(int Pid, uint Uid)
{
    /// <summary>Connection middleware of the unix socket: asks once per connection.</summary>
    public static ConnectionDelegate Remember(ConnectionDelegate next) => connection =>
    {
        if (connection.Features.Get<IConnectionSocketFeature>() is { } feature) connection.Features.Set(Of(feature.Socket));
        return next(connection);
    };

    private static PeerProcess Of(System.Net.Sockets.Socket socket)
    {
        if (OperatingSystem.IsLinux())
        {
            const int solSocket = 1, soPeerCred = 17;
            Span<byte> ucred = stackalloc byte[12];
            socket.GetRawSocketOption(solSocket, soPeerCred, ucred);
            return new(BitConverter.ToInt32(ucred), BitConverter.ToUInt32(ucred[4..]));
        }

        const int solLocal = 0, localPeerCred = 1, localPeerPid = 2;
        Span<byte> xucred = stackalloc byte[76], pid = stackalloc byte[4];
        socket.GetRawSocketOption(solLocal, localPeerCred, xucred);
        socket.GetRawSocketOption(solLocal, localPeerPid, pid);
        return new(BinaryPrimitives.ReadInt32LittleEndian(pid), BinaryPrimitives.ReadUInt32LittleEndian(xucred[4..]));
    }
}
