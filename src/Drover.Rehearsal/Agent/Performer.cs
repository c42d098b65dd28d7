using System.Diagnostics;
using System.Runtime.InteropServices;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Agent;

/// <summary>Plays turns of the script in one voice. It obeys an interruption at once, whatever it is doing.</summary>
internal sealed class Performer(Script script, IVoice voice, Inbox inbox, ToolRunner tools, TimeProvider time)
{
    /// <summary>How often the model is asked again before a turn fails; the real CLI's number is set by its environment.</summary>
    private const int Retries = 2;

    private static readonly TimeSpan FilePoll = TimeSpan.FromMilliseconds(20);

    public void Play(UserMessage prompt, Conversation conversation)
    {
        conversation.Took("prompt", prompt);
        voice.BeginTurn(prompt);
        var end = Play(script.TurnFor(conversation.Prompts), conversation);
        // Closed before it is told: an interruption that answers the news is of the next turn.
        inbox.CloseTurn();
        voice.EndTurn(end);
    }

    private TurnEnd Play(Turn turn, Conversation conversation)
    {
        var lastText = "";
        foreach (var reply in turn.Replies)
        {
            voice.BeginReply(reply.Tokens);
            foreach (var step in reply.Steps)
            {
                if (inbox.IsInterrupted) return new TurnEnd.Interrupted(InTool: false);
                if (step is Step.Say say) lastText = say.Text;
                if (Play(step, conversation) is { } end) return end is TurnEnd.Dropped dropped ? dropped with { Text = lastText } : end;
            }

            if (reply.Last is Step.Crash crash) Die(crash);
            if (reply.Last is Step.Use use)
            {
                if (Use(use, reply.Tokens) is { } end) return end;
                foreach (var steer in inbox.TakeSteers())
                {
                    conversation.Took("steer", steer);
                    voice.TakeUpSteer(steer);
                }
            }
            else
            {
                voice.EndReply(reply.Tokens, calledTool: false);
            }
        }

        return inbox.IsInterrupted ? new TurnEnd.Interrupted(InTool: false) : new TurnEnd.Completed(lastText);
    }

    /// <summary>Null when the turn goes on.</summary>
    private TurnEnd? Play(Step step, Conversation conversation)
    {
        switch (step)
        {
            case Step.Say say:
                conversation.Said(say.Text);
                return Speak(say.Text, say.Pace, isThought: false);
            case Step.Think think:
                return Speak(think.Text, think.Pace, isThought: true);
            case Step.Pause pause:
                return Wait(pause.For, () => false);
            case Step.WaitFor wait:
                return WaitFor(wait.Path);
            case Step.Hang:
                return Wait(Timeout.InfiniteTimeSpan, () => false);
            case Step.Drop drop:
                return new TurnEnd.Dropped("", drop.Silently);
            case Step.Refuse refuse:
                return Refuse(refuse);
            case Step.UsageLimit limit:
                return new TurnEnd.OutOfUsage(time.GetUtcNow() + limit.ResetsIn);
            case Step.FloodStandardError flood:
                Flood(flood.Bytes);
                return null;
            case Step.Malformed malformed:
                voice.Verbatim(malformed.Text);
                return null;
            case Step.Raw raw:
                voice.Verbatim(raw.Json);
                return null;
            case Step.Stream stream:
                return Stream(stream);
            case Step.Spend:
                return null;
            default:
                throw new UnreachableException(step.GetType().Name);
        }
    }

    private TurnEnd? Speak(string text, Pace pace, bool isThought)
    {
        voice.BeginText(isThought);
        var said = 0;
        foreach (var piece in pace.Pieces(text))
        {
            voice.Piece(piece);
            said += piece.Length;
            if (pace.Delay > TimeSpan.Zero && Wait(pace.Delay, () => false) is { } end)
            {
                voice.CutText(text[..said]);
                return end;
            }
        }

        voice.EndText(text);
        return null;
    }

    /// <summary>Null when the time is over or the condition holds, an ending when the turn was interrupted.</summary>
    private TurnEnd.Interrupted? Wait(TimeSpan bound, Func<bool> condition) =>
        inbox.Wait(bound, condition) ? null : new TurnEnd.Interrupted(InTool: false);

    private TurnEnd.Interrupted? WaitFor(string path)
    {
        var file = tools.Locate(path);
        while (!File.Exists(file))
            if (Wait(FilePoll, () => false) is { } end) return end;
        return null;
    }

    private TurnEnd? Refuse(Step.Refuse refuse)
    {
        var transient = refuse.Error is ModelError.RateLimited or ModelError.Overloaded or ModelError.Internal;
        if (!transient) return new TurnEnd.Refused(refuse.Error);

        for (var attempt = 1; attempt <= Math.Min(Retries, refuse.Times ?? Retries); attempt++)
        {
            var delay = refuse.RetryAfter ?? TimeSpan.FromMilliseconds(500 * attempt);
            voice.Retry(refuse.Error, attempt, Retries, delay);
            if (Wait(delay, () => false) is { } end) return end;
        }

        return refuse.Times <= Retries ? null : new TurnEnd.Refused(refuse.Error);
    }

    private TurnEnd? Use(Step.Use use, Tokens tokens)
    {
        var callId = $"toolu_{Guid.NewGuid():N}"[..30];
        voice.CallTool(callId, use.Tool);
        voice.EndReply(tokens, calledTool: true);
        var outcome = use.Asks ? Ask(callId, use.Tool) : tools.Run(use.Tool);
        voice.ReturnTool(callId, use.Tool, outcome);
        return outcome is ToolOutcome.Interrupted || inbox.IsInterrupted ? new TurnEnd.Interrupted(InTool: true) : null;
    }

    private ToolOutcome Ask(string callId, Tool tool)
    {
        var answer = inbox.AwaitPermission(voice.AskPermission(callId, tool));
        if (inbox.IsInterrupted) return new ToolOutcome.Interrupted();
        return answer switch
        {
            { Allowed: true } => tools.Run(tool),
            { Why: { } why } => new ToolOutcome.Denied(why),
            _ => new ToolOutcome.Denied("Tool permission request failed: no answer came"),
        };
    }

    private TurnEnd.Interrupted? Stream(Step.Stream stream)
    {
        var start = time.GetTimestamp();
        var count = (long)(stream.PerSecond * stream.For.TotalSeconds);
        for (var number = 1L; number <= count; number++)
        {
            var due = TimeSpan.FromSeconds((number - 1) / stream.PerSecond) - time.GetElapsedTime(start);
            if (due > TimeSpan.Zero && Wait(due, () => false) is { } end) return end;
            if (inbox.IsInterrupted) return new TurnEnd.Interrupted(InTool: false);
            voice.StreamEvent(number, time.GetUtcNow());
        }

        return null;
    }

    private static void Flood(long bytes)
    {
        using var error = Console.OpenStandardError();
        var line = "drover-rehearsal floods its standard error; 64 bytes in a line.\n"u8;
        for (var left = bytes; left > 0; left -= line.Length) error.Write(line[..(int)Math.Min(left, line.Length)]);
    }

    private static void Die(Step.Crash crash)
    {
        // A signal that the runtime catches or ignores would let the process live on: then the exit code tells of it.
        if (crash.Signal is { } signal) Kill(Environment.ProcessId, signal);
        Environment.Exit(crash.ExitCode);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int pid, int signal);
}
