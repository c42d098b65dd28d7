using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Drover.EndToEnd.Rehearsal;

/// <summary>A running program that is talked to in JSON lines. All its output is kept; a test waits for the line it needs.</summary>
internal sealed class Talk : IAsyncDisposable
{
    private readonly Process process;
    private readonly Task reading;
    private readonly Task<string> errors;
    private readonly object gate = new();
    private readonly List<string> lines = [];
    private TaskCompletionSource more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool ended;
    private int seen;

    private Talk(Process process)
    {
        this.process = process;
        reading = Read();
        errors = process.StandardError.ReadToEndAsync();
    }

    public int Pid => process.Id;

    /// <summary>All lines so far, also those that are no JSON.</summary>
    public IReadOnlyList<string> Lines
    {
        get { lock (gate) return [.. lines]; }
    }

    public IReadOnlyList<JsonElement> Messages => [.. Lines.Select(Parse)];

    /// <param name="environment">The whole environment; nothing is inherited.</param>
    public static Talk Start(string program, IEnumerable<string> arguments, string workingDirectory, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new Talk(Process.Start(start)!);
    }

    public async Task Send(string line)
    {
        await process.StandardInput.WriteLineAsync(line);
        await process.StandardInput.FlushAsync();
    }

    public void CloseInput() => process.StandardInput.Close();

    /// <summary>The next message of which this is true; earlier calls have used up what came before theirs.</summary>
    public async Task<JsonElement> Until(Func<JsonElement, bool> isWanted)
    {
        using var bound = new CancellationTokenSource(Bounds.DefaultTimeout);
        while (true)
        {
            Task wait;
            lock (gate)
            {
                while (seen < lines.Count)
                {
                    var message = Parse(lines[seen++]);
                    if (isWanted(message)) return message;
                }

                if (ended) throw new InvalidOperationException($"the program ended without the line waited for:\n{string.Join('\n', lines)}");
                wait = more.Task;
            }

            await wait.WaitAsync(bound.Token);
        }
    }

    /// <summary>Closes the input, and returns exit code and standard error when the program has ended.</summary>
    public async Task<(int ExitCode, string Errors)> End()
    {
        CloseInput();
        return await Ended();
    }

    public async Task<(int ExitCode, string Errors)> Ended()
    {
        using var bound = new CancellationTokenSource(Bounds.DefaultTimeout);
        await process.WaitForExitAsync(bound.Token);
        await reading.WaitAsync(bound.Token);
        return (process.ExitCode, await errors.WaitAsync(bound.Token));
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task Read()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line) Note(() => lines.Add(line));
        Note(() => ended = true);
    }

    private void Note(Action change)
    {
        TaskCompletionSource told;
        lock (gate)
        {
            change();
            told = more;
            more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        told.SetResult();
    }

    private static JsonElement Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(line);
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(new { malformed = line });
        }
    }
}
