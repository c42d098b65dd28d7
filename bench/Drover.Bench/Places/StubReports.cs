using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Drover.Bench.Places;

/// <summary>What stub agents say of themselves, with the time at which it was heard.</summary>
internal sealed partial class StubReports : IDisposable
{
    private const uint OwnerOnly = 0x180;

    private readonly string _path;
    private readonly FileStream _fifo;
    private readonly ConcurrentDictionary<string, long> _heard = new();
    private readonly Thread _listening;

    public StubReports(Place place)
    {
        _path = place.Fifo;
        if (mkfifo(place.Fifo, OwnerOnly) != 0) throw new BenchException($"{place.Fifo} cannot be made");

        // For reading and writing: it neither blocks now nor ends when no agent has it open.
        _fifo = new(place.Fifo, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        _listening = new(Listen) { IsBackground = true };
        _listening.Start();
    }

    /// <summary>When this was said, as a timestamp; null when it was not said yet.</summary>
    public long? At(string what, string run) => _heard.TryGetValue($"{what} {run}", out var at) ? at : null;

    public int Count(string what) => _heard.Keys.Count(k => k.StartsWith(what + " ", StringComparison.Ordinal));

    /// <summary>The latest time at which this was said by anybody.</summary>
    public long Last(string what) => _heard.Where(h => h.Key.StartsWith(what + " ", StringComparison.Ordinal)).Max(h => h.Value);

    private void Listen()
    {
        using var lines = new StreamReader(_fifo);
        while (lines.ReadLine() is { } line && line != "end") _heard[line] = Stopwatch.GetTimestamp();
    }

    public void Dispose()
    {
        using (var pen = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0)) pen.Write("end\n"u8);
        _listening.Join();
        _fifo.Dispose();
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, uint mode);
}
