using System.Diagnostics;
using System.Text;
using Drover.Core;
using Drover.Node.Keeping;
using Drover.Node.Spooling;
using Xunit;

namespace Drover.Server.Tests.Keeping;

public sealed class SpoolRoomTests : IDisposable
{
    private const int Megabyte = 1024 * 1024;

    private readonly string _root = Directory.CreateTempSubdirectory("drover-room-").FullName;
    private readonly JobDirectory _job;
    private readonly byte[] _bytes = new byte[(5 * Megabyte) + 123];

    public SpoolRoomTests()
    {
        _job = new(_root, new RunId("0123456789abcdef"));
        Directory.CreateDirectory(_job.Path);
        var random = new Random(7);
        for (var i = 0; i < _bytes.Length; i++) _bytes[i] = (byte)(i % 80 == 79 ? '\n' : 'a' + random.Next(26));
        File.WriteAllBytes(_job.Out, _bytes);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void What_was_read_is_freed_above_the_quota_and_every_offset_stays()
    {
        var watermark = 80L * 50_000;
        Assert.IsType<SpoolRoom.Within>(SpoolQuota.Hold(_job, watermark, 10 * Megabyte));

        var room = SpoolQuota.Hold(_job, watermark, 2 * Megabyte);

        Assert.SkipWhen(room is SpoolRoom.CannotFree, room.ToString());
        var freed = Assert.IsType<SpoolRoom.Freed>(room);
        Assert.InRange(freed.Bytes, 3 * Megabyte, 4 * Megabyte);
        Assert.Equal(_bytes.Length, new FileInfo(_job.Out).Length);
        using var reader = SpoolReader.Open(_job, watermark);
        using var slice = Assert.IsType<SpoolRead.Slice>(reader.Read());
        Assert.Equal(_bytes.AsSpan((int)watermark, 79), ((SpoolItem.Line)slice.Items[0]).Bytes.Span);
        Assert.IsType<SpoolBytes.Freed>(SpoolBytes.Read(_job, 80, 10));
        AssertSame(watermark, 1000);
        using var replay = SpoolReader.Open(_job, 0);
        Assert.IsType<SpoolRead.Freed>(replay.Read());
    }

    [Fact]
    public void A_live_spool_is_read_by_offset()
    {
        AssertSame(0, 100);
        AssertSame(_bytes.Length - 10, 10);
        Assert.Equal(_bytes[^10..], Assert.IsType<SpoolBytes.Found>(SpoolBytes.Read(_job, _bytes.Length - 10, 100)).Bytes);
        Assert.IsType<SpoolBytes.Missing>(SpoolBytes.Read(_job, _bytes.Length, 1));
    }

    [Fact]
    public void A_compressed_spool_gives_the_same_bytes_at_the_same_offsets()
    {
        var done = Assert.IsType<Compression.Done>(SettledSpool.Compress(_job, TestContext.Current.CancellationToken));

        Assert.False(File.Exists(_job.Out));
        Assert.InRange(done.After, 1, done.Before - 1);
        foreach (var offset in (long[])[0, 1, Megabyte - 1, Megabyte, (3 * Megabyte) - 5, _bytes.Length - 10])
            AssertSame(offset, 10);
        AssertSame(Megabyte - 100, (2 * Megabyte) + 200);
        Assert.Equal(_bytes[^10..], Assert.IsType<SpoolBytes.Found>(SpoolBytes.Read(_job, _bytes.Length - 10, 100)).Bytes);
        Assert.IsType<SpoolBytes.Missing>(SpoolBytes.Read(_job, _bytes.Length, 1));
        Assert.Equal(done.After, Assert.IsType<Compression.Done>(SettledSpool.Compress(_job, TestContext.Current.CancellationToken)).After);
    }

    [Fact]
    public async Task Any_gzip_program_unpacks_a_compressed_spool()
    {
        SettledSpool.Compress(_job, TestContext.Current.CancellationToken);

        using var gzip = Process.Start(new ProcessStartInfo("gzip", ["-dc", _job.CompressedOut]) { RedirectStandardOutput = true })!;
        using var plain = new MemoryStream();
        await gzip.StandardOutput.BaseStream.CopyToAsync(plain, TestContext.Current.CancellationToken);
        await gzip.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, gzip.ExitCode);
        Assert.Equal(_bytes, plain.ToArray());
    }

    [Fact]
    public void A_spool_with_a_freed_beginning_stays_so_when_it_is_compressed()
    {
        var room = SpoolQuota.Hold(_job, 80L * 50_000, Megabyte);
        Assert.SkipWhen(room is SpoolRoom.CannotFree, room.ToString());

        SettledSpool.Compress(_job, TestContext.Current.CancellationToken);

        Assert.IsType<SpoolBytes.Freed>(SpoolBytes.Read(_job, 0, 10));
        AssertSame(80L * 50_000, 100_000);
    }

    [Fact]
    public void A_compression_that_was_interrupted_is_completed()
    {
        File.WriteAllText(_job.CompressedOut + ".tmp", "half a file");
        SettledSpool.Compress(_job, TestContext.Current.CancellationToken);
        File.WriteAllBytes(_job.Out, _bytes);

        SettledSpool.Compress(_job, TestContext.Current.CancellationToken);

        Assert.Equal([_job.CompressedOut], Directory.EnumerateFiles(_job.Path));
        AssertSame(12345, 678);
    }

    [Fact]
    public void A_compression_that_finds_no_room_leaves_the_spool()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full");
        File.CreateSymbolicLink(_job.CompressedOut + ".tmp", "/dev/full");

        Assert.IsType<Compression.DiskFull>(SettledSpool.Compress(_job, TestContext.Current.CancellationToken));

        AssertSame(0, 100);
    }

    [Fact]
    public void An_empty_spool_is_compressed_too()
    {
        File.WriteAllText(_job.Out, "");

        Assert.IsType<Compression.Done>(SettledSpool.Compress(_job, TestContext.Current.CancellationToken));

        Assert.IsType<SpoolBytes.Missing>(SpoolBytes.Read(_job, 0, 1));
    }

    [Fact]
    public void A_damaged_compressed_spool_is_noticed()
    {
        SettledSpool.Compress(_job, TestContext.Current.CancellationToken);
        using (var file = new FileStream(_job.CompressedOut, FileMode.Open)) file.SetLength(file.Length - 100);

        Assert.Throws<InvalidDataException>(() => SpoolBytes.Read(_job, 5 * Megabyte, 10));
    }

    [Fact]
    public void The_disk_says_how_much_room_there_is()
    {
        var space = DiskSpace.Of(_root);

        Assert.True(space.Free > 0);
        Assert.False(space.IsBelow(1));
        Assert.True(space.IsBelow(long.MaxValue));
    }

    private void AssertSame(long offset, int length) =>
        Assert.Equal(
            Encoding.ASCII.GetString(_bytes, (int)offset, length),
            Encoding.ASCII.GetString(Assert.IsType<SpoolBytes.Found>(SpoolBytes.Read(_job, offset, length)).Bytes));
}
