using System.Diagnostics;

namespace Drover.Node.Processes;

/// <summary>A short-lived program that Drover runs for itself and waits for: git, bwrap's probe, rm.</summary>
/// <param name="Environment">The whole environment; nothing is inherited.</param>
internal sealed record ChildCall(
    string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, string WorkingDirectory)
{
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>Bytes kept of the standard output; what comes after is read and thrown away.</summary>
    public int OutputLimit { get; init; } = 64 << 20;

    public required TimeSpan Limit { get; init; }
}

/// <param name="Error">The last 16 KB of the standard error.</param>
internal sealed record ChildResult(int ExitCode, byte[] Output, string Error, bool Truncated);

internal static class Child
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Runs the program to its end, both pipes drained. Kills its process tree when the token is cancelled
    /// (<see cref="OperationCanceledException"/>) or the limit is over (<see cref="TimeoutException"/>).
    /// A program that cannot be started is a <see cref="System.ComponentModel.Win32Exception"/>.</summary>
    public static async Task<ChildResult> Run(ChildCall call, TimeProvider time, CancellationToken cancellation)
    {
        using var process = new Process { StartInfo = StartInfo(call) };
        using var limit = new CancellationTokenSource(call.Limit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        cancellation.ThrowIfCancellationRequested();
        process.Start();

        var output = new HeadOf(call.OutputLimit);
        var error = new TailOf(16 << 10);
        var finished = Task.WhenAll(
            Feed(process.StandardInput.BaseStream, call.Input),
            output.Drain(process.StandardOutput.BaseStream),
            error.Drain(process.StandardError.BaseStream),
            process.WaitForExitAsync(CancellationToken.None));
        try
        {
            await finished.WaitAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            // A grandchild that left the tree may keep a pipe open: the wait is bounded, and the pipes are closed on the way out.
            await Task.WhenAny(finished, Task.Delay(Grace, time, CancellationToken.None));
            _ = finished.ContinueWith(static t => t.Exception, TaskScheduler.Default);
            cancellation.ThrowIfCancellationRequested();
            throw new TimeoutException($"{Path.GetFileName(call.Program)} {call.Arguments.FirstOrDefault()} did not end within {call.Limit}");
        }

        return new(process.ExitCode, output.Bytes, error.Text, output.Truncated);
    }

    private static ProcessStartInfo StartInfo(ChildCall call)
    {
        var info = new ProcessStartInfo(call.Program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = call.WorkingDirectory,
        };
        foreach (var argument in call.Arguments) info.ArgumentList.Add(argument);
        info.Environment.Clear();
        foreach (var (name, value) in call.Environment) info.Environment[name] = value;
        return info;
    }

    private static async Task Feed(Stream stream, ReadOnlyMemory<byte> input)
    {
        try
        {
            await using (stream) await stream.WriteAsync(input);
        }
        catch (IOException)
        {
            // The program ended, or closed its input, before it had read everything. Its exit code tells whether that was right.
        }
    }
}
