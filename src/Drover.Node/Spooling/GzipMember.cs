using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace Drover.Node.Spooling;

/// <summary>One member of a compressed spool: at most 1 MB of output as a gzip file of its own, whose header says how long it is and what it holds. So a reader steps from
/// header to header and unpacks one member, and any gzip program unpacks the whole.</summary>
/// <param name="At">Where the member begins in the compressed file.</param>
/// <param name="Length">Its bytes there.</param>
/// <param name="Start">The offset of its first byte in the spool.</param>
internal readonly record struct GzipMember(long At, long Length, long Start)
{
    internal const int MostBytes = 1024 * 1024;

    private const int PlainHeader = 10, FlagsAt = 3, HeaderSize = PlainHeader + 2 + 4 + 16;
    private const byte HasExtraField = 4;

    /// <summary>Packs bytes into a member.</summary>
    internal static byte[] Pack(ReadOnlySpan<byte> bytes, long start)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(bytes);
        if (packed.Length == 0) packed.Write(EmptyMember);
        var plain = packed.GetBuffer().AsSpan(0, (int)packed.Length);
        var member = new byte[plain.Length + HeaderSize - PlainHeader];
        plain[..PlainHeader].CopyTo(member);
        member[FlagsAt] = HasExtraField;
        var extra = member.AsSpan(PlainHeader, HeaderSize - PlainHeader);
        BinaryPrimitives.WriteUInt16LittleEndian(extra, 4 + 16);
        extra[2] = (byte)'D';
        extra[3] = (byte)'r';
        BinaryPrimitives.WriteUInt16LittleEndian(extra[4..], 16);
        BinaryPrimitives.WriteInt64LittleEndian(extra[6..], member.Length);
        BinaryPrimitives.WriteInt64LittleEndian(extra[14..], start);
        plain[PlainHeader..].CopyTo(member.AsSpan(HeaderSize));
        return member;
    }

    /// <summary>The members of a compressed spool in order; reads nothing but their headers.</summary>
    /// <exception cref="InvalidDataException">The file is not one that Drover wrote.</exception>
    internal static IEnumerable<GzipMember> All(SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        var header = new byte[HeaderSize];
        for (long at = 0; at < length;)
        {
            if (RandomAccess.Read(file, header, at) < HeaderSize || header[0] != 0x1f || header[1] != 0x8b || header[12] != 'D' || header[13] != 'r')
                throw new InvalidDataException("the compressed spool is damaged");
            var member = new GzipMember(at, BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(16)), BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(24)));
            if (member.Length < HeaderSize || member.Length > length - at) throw new InvalidDataException("the compressed spool is damaged");
            yield return member;
            at += member.Length;
        }
    }

    internal byte[] Unpack(SafeFileHandle file)
    {
        var packed = new byte[Length];
        for (var got = 0; got < packed.Length;)
        {
            var more = RandomAccess.Read(file, packed.AsSpan(got), At + got);
            got += more > 0 ? more : throw new InvalidDataException("the compressed spool is damaged");
        }

        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    /// <summary>GZipStream writes nothing at all for nothing; this is what gzip writes.</summary>
    private static ReadOnlySpan<byte> EmptyMember => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
}
