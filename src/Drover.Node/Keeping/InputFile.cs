using System.Globalization;
using Drover.Core;
using Drover.Node.Containing;

namespace Drover.Node.Keeping;

/// <summary>Bytes for the agent, with the place in its input where they belong.</summary>
public readonly record struct InputFrame(long Offset, ReadOnlyMemory<byte> Bytes)
{
    internal long End => Offset + Bytes.Length;
}

/// <summary>How an append ended.</summary>
public abstract record InputResult
{
    private InputResult() { }

    /// <summary>The input holds everything up to the stored end.</summary>
    public sealed record Whole : InputResult;

    /// <summary>The input is longer than all that was ever stored: someone else has written to it. Nothing was written.</summary>
    public sealed record WrittenByOthers(long Length) : InputResult;

    /// <summary>The frames given begin only after the input's present end, or have a gap. Nothing was written.</summary>
    public sealed record FramesMissing(long From) : InputResult;

    /// <summary>The disk has no room; the input holds everything up to <paramref name="Length"/>. The same call later goes on from there.</summary>
    public sealed record DiskFull(long Length) : InputResult;
}

/// <summary>How the end of the input was brought about.</summary>
public abstract record InputEnd
{
    private InputEnd() { }

    /// <summary>The agent's pipe was given everything, and is closed.</summary>
    public sealed record Delivered : InputEnd;

    /// <summary>The pipe was closed by an earlier call, or with the pump's or the machine's end.</summary>
    public sealed record AlreadyEnded : InputEnd;

    /// <summary>The agent did not take everything within the bound; the pipe is closed.</summary>
    /// <param name="Carried">Bytes of the input that went into the pipe; null when the machine does not tell.</param>
    public sealed record Cut(long? Carried) : InputEnd;
}

/// <summary>What the agent is to read: an ordinary file that the keeper's pump carries into the agent's standard input.</summary>
public static class InputFile
{
    /// <summary>Brings the input from the length it has to the end that is stored. A crash before, during or after it is mended by calling it again:
    /// every byte is written once, at its own place.</summary>
    /// <param name="storedEnd">Where the last stored frame ends, counted from the beginning of the input.</param>
    /// <param name="frames">In order; at least those from the input's present length on.</param>
    public static InputResult Append(JobDirectory job, long storedEnd, IEnumerable<InputFrame> frames)
    {
        using var file = File.OpenHandle(job.In, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        var length = RandomAccess.GetLength(file);
        if (length > storedEnd) return new InputResult.WrittenByOthers(length);
        var missing = new List<InputFrame>();
        var reach = length;
        foreach (var frame in frames.Where(f => f.End > length && f.Offset < storedEnd))
        {
            if (frame.Offset > reach) return new InputResult.FramesMissing(reach);
            var bytes = frame.Bytes[(int)(reach - frame.Offset)..(int)(Math.Min(frame.End, storedEnd) - frame.Offset)];
            missing.Add(new(reach, bytes));
            reach += bytes.Length;
        }

        if (reach < storedEnd) return new InputResult.FramesMissing(reach);
        try
        {
            foreach (var frame in missing) RandomAccess.Write(file, frame.Bytes.Span, frame.Offset);
            return new InputResult.Whole();
        }
        catch (IOException e) when (e.HResult is Native.NoSpace or Native.QuotaExceeded)
        {
            return new InputResult.DiskFull(RandomAccess.GetLength(file));
        }
    }

    /// <summary>Closes the agent's standard input once everything is in it: ends the pump. An agent that does not read is waited for no longer than the bound.</summary>
    public static async Task<InputEnd> End(JobDirectory job, TimeSpan bound, TimeProvider time, CancellationToken ct)
    {
        if (Identity.Read(job) is not { } identity || !Lives(identity.Pump)) return new InputEnd.AlreadyEnded();
        var carried = await Carry(job, identity.Pump, bound, time, ct);
        Signals.Send(identity.Pump, Native.SigKill);
        return carried >= Length(job) ? new InputEnd.Delivered() : new InputEnd.Cut(carried);
    }

    /// <summary>The same, but an agent that has not taken everything within the bound keeps its input, and nothing is lost.</summary>
    /// <returns>Whether the input is closed.</returns>
    public static async Task<bool> EndOnceCarried(JobDirectory job, TimeSpan bound, TimeProvider time, CancellationToken ct)
    {
        if (Identity.Read(job) is not { } identity || !Lives(identity.Pump)) return true;
        if (!(await Carry(job, identity.Pump, bound, time, ct) >= Length(job))) return false;
        Signals.Send(identity.Pump, Native.SigKill);
        return true;
    }

    /// <summary>Waits until the pump has carried everything, or until the bound. Gives the bytes it has carried; null when the machine does not tell.</summary>
    private static async Task<long?> Carry(JobDirectory job, ProcessIdentity pump, TimeSpan bound, TimeProvider time, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var pause = TimeSpan.FromMilliseconds(2);
        long? carried;
        while ((carried = Carried(pump.Pid)) is not { } bytes || bytes < Length(job))
        {
            if (time.GetElapsedTime(started) >= bound || !Lives(pump)) break;
            await Task.Delay(pause, time, ct);
            pause = TimeSpan.FromMilliseconds(Math.Min(50, pause.TotalMilliseconds * 1.5));
        }

        return carried;
    }

    private static long Length(JobDirectory job) => new FileInfo(job.In) is { Exists: true } file ? file.Length : 0;

    /// <summary>The bytes that the pump's finished writes have carried. What it has read may still be on the way, so its place in the file proves nothing;
    /// it writes nowhere else.</summary>
    private static long? Carried(int pump)
    {
        try
        {
            var line = TextFile.TryRead($"/proc/{pump}/io")?.Split('\n').FirstOrDefault(l => l.StartsWith("wchar: ", StringComparison.Ordinal));
            return line is null ? null : long.Parse(line["wchar: ".Length..], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool Lives(ProcessIdentity pump) =>
        pump.BootId == BootClock.BootId && ProcessTable.Look(pump.Pid, pump.StartTime) != Probe.Dead;
}
