using System.Text;
using Drover.Core;
using Drover.Node.Keeping;
using Drover.Node.Spooling;
using Xunit;

namespace Drover.Server.Tests.Keeping;

public sealed class SpoolReaderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("drover-spool-").FullName;
    private readonly JobDirectory _job;

    public SpoolReaderTests()
    {
        _job = new(_root, new RunId("0123456789abcdef"));
        Directory.CreateDirectory(_job.Path);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Only_complete_lines_are_handed_out_and_the_watermark_stands_after_the_last()
    {
        File.WriteAllText(_job.Out, "one\n\ntwo\nthr");
        using var reader = SpoolReader.Open(_job, 0);

        Assert.Equal("0:one 4: 5:two | 9 end", Take(reader));
        File.AppendAllText(_job.Out, "ee\nfour");

        Assert.Equal("9:three | 15 end", Take(reader));
    }

    [Fact]
    public void A_reader_goes_on_from_a_watermark()
    {
        File.WriteAllText(_job.Out, "one\ntwo\n");
        using var reader = SpoolReader.Open(_job, 4);

        Assert.Equal("4:two | 8 end", Take(reader));
        Assert.Equal(" | 8 end", Take(reader));
    }

    [Fact]
    public void At_the_end_a_line_without_line_feed_is_a_line()
    {
        File.WriteAllText(_job.Out, "one\ntwo");
        using var reader = SpoolReader.Open(_job, 0);
        Take(reader);

        using var last = Assert.IsType<SpoolRead.Slice>(reader.ReadLast());

        Assert.Equal("4:two", Text(Assert.Single(last.Items)));
        Assert.Equal(7, last.Watermark);
        Assert.Empty(((SpoolRead.Slice)reader.ReadLast()).Items);
    }

    [Fact]
    public void A_spool_shorter_than_its_watermark_is_noticed()
    {
        File.WriteAllText(_job.Out, "one\ntwo\n");
        using var fresh = SpoolReader.Open(_job, 9);
        using var running = SpoolReader.Open(_job, 0);
        Take(running);
        File.WriteAllText(_job.Out, "one\n");

        Assert.Equal(4, Assert.IsType<SpoolRead.ShorterThanWatermark>(fresh.Read()).Length);
        Assert.Equal(4, Assert.IsType<SpoolRead.ShorterThanWatermark>(running.Read()).Length);
    }

    [Theory]
    [InlineData(SpoolReader.LongestLine, "0:10485760 bytes")]
    [InlineData(SpoolReader.LongestLine + 1, "0 too long: 10485761")]
    [InlineData((3 * SpoolReader.LongestLine) + 5, "0 too long: 31457285")]
    public void A_line_over_the_limit_is_passed_over_and_its_length_told(int length, string expected)
    {
        using (var file = File.Create(_job.Out))
        {
            var block = new byte[1024 * 1024];
            Array.Fill(block, (byte)'x');
            for (var left = length; left > 0; left -= block.Length) file.Write(block, 0, Math.Min(left, block.Length));
            file.Write("\nafter\n"u8);
        }

        using var reader = SpoolReader.Open(_job, 0);
        var items = new List<string>();
        long watermark;
        for (; ; )
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            using var slice = Assert.IsType<SpoolRead.Slice>(reader.Read());
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * 16 * 1024 * 1024);
            items.AddRange(slice.Items.Select(Text));
            watermark = slice.Watermark;
            if (slice.AtEnd) break;
        }

        Assert.Equal([expected, $"{length + 1}:after"], items);
        Assert.Equal(length + 7, watermark);
    }

    [Fact]
    public void An_unfinished_line_over_the_limit_leaves_the_watermark_and_is_told_at_the_end()
    {
        File.WriteAllText(_job.Out, new string('x', SpoolReader.LongestLine + 100));
        using var reader = SpoolReader.Open(_job, 0);
        SpoolRead.Slice slice;
        do
        {
            slice = (SpoolRead.Slice)reader.Read();
            Assert.Equal(0, slice.Watermark);
            slice.Dispose();
        }
        while (!slice.AtEnd);

        Assert.Equal("0 too long: 10485860", Text(Assert.Single(((SpoolRead.Slice)reader.ReadLast()).Items)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_the_pieces_in_which_it_was_written_the_lines_are_the_same(int seed)
    {
        var random = new Random(seed);
        var lines = Enumerable.Range(0, 400).Select(i => new string((char)('a' + (i % 26)), random.Next(4) == 0 ? random.Next(300_000) : random.Next(200))).ToArray();
        var all = Encoding.ASCII.GetBytes(string.Concat(lines.Select(l => l + "\n")));
        using var file = new FileStream(_job.Out, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var reader = SpoolReader.Open(_job, 0);
        var got = new List<string>();
        for (var at = 0; at < all.Length || got.Count < lines.Length;)
        {
            var piece = Math.Min(random.Next(1, 3_000_000), all.Length - at);
            file.Write(all, at, piece);
            at += piece;
            using var slice = Assert.IsType<SpoolRead.Slice>(reader.Read());
            got.AddRange(slice.Items.Cast<SpoolItem.Line>().Select(l => Encoding.ASCII.GetString(l.Bytes.Span)));
            if (random.Next(10) != 0) continue;
            reader.Dispose();
            reader = SpoolReader.Open(_job, slice.Watermark);
        }

        reader.Dispose();
        Assert.Equal(lines, got);
    }

    [Fact]
    public void The_end_of_the_errors_is_cut_at_lines_and_bytes()
    {
        Assert.Equal("", ErrorTail.Read(_job, 5));
        File.WriteAllText(_job.Err, string.Concat(Enumerable.Range(0, 10_000).Select(i => $"line {i}\n")));

        Assert.Equal("line 9998\nline 9999", ErrorTail.Read(_job, 2));
        Assert.StartsWith("line ", ErrorTail.Read(_job, 100_000), StringComparison.Ordinal);
        Assert.InRange(ErrorTail.Read(_job, 100_000).Length, 8000, 8 * 1024);
    }

    private static string Take(SpoolReader reader)
    {
        using var slice = Assert.IsType<SpoolRead.Slice>(reader.Read());
        return $"{string.Join(' ', slice.Items.Select(Text))} | {slice.Watermark} {(slice.AtEnd ? "end" : "more")}";
    }

    private static string Text(SpoolItem item) => item switch
    {
        SpoolItem.Line l when l.Bytes.Length > 1000 => $"{l.Offset}:{l.Bytes.Length} bytes",
        SpoolItem.Line l => $"{l.Offset}:{Encoding.UTF8.GetString(l.Bytes.Span)}",
        SpoolItem.TooLong t => $"{t.Offset} too long: {t.Length}",
        _ => throw new InvalidOperationException(),
    };
}
