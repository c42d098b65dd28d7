using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Channels;
using Drover.Core;
using Drover.Node.Containing;
using Drover.Node.Keeping;

namespace Drover.Node.Processes;

/// <summary>A program that is spoken to line by line for a short time and ends with its caller: it is held by pipes, not by a keeper. All that it started carries its
/// marker and ends with it.</summary>
public sealed class PipedProcess : IAsyncDisposable
{
    private const int MostLines = 256;
    private static readonly TimeSpan KillBound = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly string _marker;
    private readonly TimeProvider _time;
    private readonly TailOf _errors = new(8 << 10);
    private readonly Task _drained;

    private PipedProcess(Process process, string marker, int longestLine, TimeProvider time)
    {
        (_process, _marker, _time) = (process, marker, time);
        var lines = Channel.CreateBounded<PipedLine>(new BoundedChannelOptions(MostLines) { SingleReader = true, SingleWriter = true });
        Lines = lines.Reader;
        _drained = Task.WhenAll(Read(process.StandardOutput.BaseStream, lines.Writer, longestLine), _errors.Drain(process.StandardError.BaseStream));
    }

    /// <summary>What it writes to its standard output; completed when that is closed.</summary>
    public ChannelReader<PipedLine> Lines { get; }

    /// <summary>The last 8 KB of its standard error.</summary>
    public string Errors => _errors.Text;

    /// <summary>128 + signal when a signal ended it; null while it runs.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>Starts it in a session of its own where the machine has <c>setsid</c>.</summary>
    /// <param name="arguments">Program and arguments; never read by a shell.</param>
    /// <param name="environment">The whole environment; the marker is added to it.</param>
    /// <param name="longestLine">Bytes; of longer lines only the length is told.</param>
    /// <exception cref="Win32Exception">It cannot be started.</exception>
    public static async Task<PipedProcess> Start(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string workingDirectory, int longestLine, Random random, TimeProvider time)
    {
        var marker = RunId.New(random).Value;
        var command = Programs.Find("setsid") is { } setsid ? [setsid, .. arguments] : arguments;
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = workingDirectory,
        };
        foreach (var argument in command.Skip(1)) start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (var (name, value) in environment) start.Environment[name] = value;
        start.Environment[JobDirectory.Marker] = marker;
        return new(await Starter.Start(start) ?? throw new Win32Exception($"{arguments[0]} did not start"), marker, longestLine, time);
    }

    /// <summary>Writes to its standard input; false when nobody reads it any more.</summary>
    public async Task<bool> Write(ReadOnlyMemory<byte> bytes, CancellationToken token)
    {
        try
        {
            await _process.StandardInput.BaseStream.WriteAsync(bytes, token);
            await _process.StandardInput.BaseStream.FlushAsync(token);
            return true;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    public void EndInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already, and what was still to be written reaches nobody.
        }
    }

    /// <summary>Kills it with all that it started; true when nothing of it is left.</summary>
    public async Task<bool> Kill()
    {
        _process.Kill(entireProcessTree: true);
        var started = _time.GetTimestamp();
        while (true)
        {
            var left = Left();
            foreach (var row in left) Signals.Send(row.Pid, row.StartTime, Native.SigKill);
            if (left.Count == 0 && _process.HasExited) return true;
            if (_time.GetElapsedTime(started) > KillBound) return false;
            await Task.Delay(TimeSpan.FromMilliseconds(10), _time, CancellationToken.None);
        }
    }

    /// <summary>Waits until it has ended and its output is read; false when the bound was over before.</summary>
    public async Task<bool> WaitForExit(TimeSpan bound)
    {
        using var limit = new CancellationTokenSource(bound, _time);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            await _drained.WaitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return _process.HasExited;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        // A pipe may be held open by what could not be killed: the wait is bounded, and the pipes are closed on the way out.
        await Task.WhenAny(_drained, Task.Delay(KillBound, _time, CancellationToken.None));
        _ = _drained.ContinueWith(static t => t.Exception, TaskScheduler.Default);
        _process.Dispose();
    }

    /// <summary>Where there is no <c>/proc</c>, the tree that the runtime knows of is all that can be found.</summary>
    private List<ProcessRow> Left() => !OperatingSystem.IsLinux() ? []
        : [.. ProcessTable.Read().Values.Where(r => ProcessTable.Marker(r.Pid, out var marker) == Sight.Seen && marker == _marker)];

    private static async Task Read(Stream stream, ChannelWriter<PipedLine> lines, int longestLine)
    {
        try
        {
            var splitter = new LineSplitter(longestLine);
            var buffer = new byte[64 << 10];
            int read;
            while ((read = await stream.ReadAsync(buffer)) > 0)
            {
                foreach (var line in splitter.Split(buffer.AsMemory(0, read))) await lines.WriteAsync(line);
            }

            if (splitter.Rest is { } rest) await lines.WriteAsync(rest);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or ChannelClosedException)
        {
            // The pipe was closed on the way out.
        }
        finally
        {
            lines.TryComplete();
        }
    }
}

/// <param name="Bytes">Without the line feed; empty when it was too long.</param>
/// <param name="Length">In bytes.</param>
public readonly record struct PipedLine(ReadOnlyMemory<byte> Bytes, long Length);
