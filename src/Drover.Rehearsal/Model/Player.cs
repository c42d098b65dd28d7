using System.Diagnostics;
using System.Globalization;
using System.Text;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model;

/// <summary>Plays the reply that a main request asks for.</summary>
internal sealed class Player(Script script, Refusals refusals, TimeProvider time)
{
    private static readonly TimeSpan FilePoll = TimeSpan.FromMilliseconds(20);

    /// <returns>The status answered, or 0 when the connection is to be closed without an end.</returns>
    /// <exception cref="OperationCanceledException">The client went away.</exception>
    public async Task<int> Answer(MessagesRequest request, HttpConnection connection, CancellationToken token)
    {
        var turn = script.TurnFor(request.History.Prompts);
        var number = Math.Min(request.History.ToolCalls, turn.Replies.Count - 1);
        var reply = turn.Replies[number];
        IMessage message = request.Streams
            ? new StreamedMessage(connection, request.Model, reply.Tokens)
            : new WholeMessage(connection, request.Model, reply.Tokens);

        for (var i = 0; i < reply.Steps.Count; i++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{request.Conversation}/{request.History.Prompts.Count}/{number}/{i}");
            if (refusals.Of(reply.Steps[i], place) is { } refusal) return await Refuse(refusal, message, connection);
            if (reply.Steps[i] is Step.Drop drop) return await Drop(drop, message, connection);
            await Play(reply.Steps[i], message, request, token);
        }

        await Call(reply.Last, message, request);
        await message.Finish(calledTool: reply.Last is not null);
        return 200;
    }

    private static async Task<int> Refuse(HttpRefusal refusal, IMessage message, HttpConnection connection)
    {
        var body = MessageParts.Error(refusal).ToJsonString();
        if (message.HasBegun)
        {
            await message.Verbatim("error", body);
            await connection.EndStream();
            return 200;
        }

        await connection.Answer(
            refusal.Status, [.. refusal.Headers, ("content-type", "application/json"), ("request-id", "req_rehearsed")], Encoding.UTF8.GetBytes(body), isHead: false);
        return refusal.Status;
    }

    /// <summary>A body that ends properly though the message does not is no error to the CLI; one that breaks off is.</summary>
    private static async Task<int> Drop(Step.Drop drop, IMessage message, HttpConnection connection)
    {
        await message.Begin();
        if (drop.Silently && message.HasBegun)
        {
            await connection.EndStream();
            return 200;
        }

        await connection.Break();
        return 0;
    }

    private async Task Play(Step step, IMessage message, MessagesRequest request, CancellationToken token)
    {
        switch (step)
        {
            case Step.Say say:
                await Speak(message, "text", say.Text, say.Pace, token);
                break;
            case Step.Think think:
                await Speak(message, "thinking", think.Text, think.Pace, token);
                break;
            case Step.Pause pause:
                await Task.Delay(pause.For, time, token);
                break;
            case Step.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, time, token);
                break;
            case Step.WaitFor wait:
                var file = Path.Combine(request.WorkingDirectory ?? "", wait.Path);
                while (!File.Exists(file)) await Task.Delay(FilePoll, time, token);
                break;
            case Step.Stream stream:
                await Stream(stream, message, token);
                break;
            case Step.Malformed malformed:
                await message.Verbatim("content_block_delta", malformed.Text);
                break;
            case Step.Raw raw:
                await message.Verbatim("message", raw.Json);
                break;
            case Step.Spend or Step.FloodStandardError or Step.Refuse or Step.UsageLimit:
                // Tokens stand in the message already, standard error is the CLI's own, and a refusal that is here has been lifted.
                break;
            default:
                throw new UnreachableException(step.GetType().Name);
        }
    }

    private async Task Speak(IMessage message, string kind, string text, Pace pace, CancellationToken token)
    {
        await message.BeginBlock(kind);
        foreach (var piece in pace.Pieces(text))
        {
            await message.Piece(piece);
            if (pace.Delay > TimeSpan.Zero) await Task.Delay(pace.Delay, time, token);
        }

        await message.EndBlock();
    }

    private async Task Stream(Step.Stream stream, IMessage message, CancellationToken token)
    {
        await message.BeginBlock("text");
        var start = time.GetTimestamp();
        var count = (long)(stream.PerSecond * stream.For.TotalSeconds);
        for (var number = 1L; number <= count; number++)
        {
            var due = TimeSpan.FromSeconds((number - 1) / stream.PerSecond) - time.GetElapsedTime(start);
            if (due > TimeSpan.Zero) await Task.Delay(due, time, token);
            await message.Piece(string.Create(CultureInfo.InvariantCulture, $"event {number} at {time.GetUtcNow().ToUnixTimeMilliseconds()}\n"));
        }

        await message.EndBlock();
    }

    private static async Task Call(Step? last, IMessage message, MessagesRequest request)
    {
        Tool? tool = last switch
        {
            Step.Use use => use.Tool,
            // The CLI is another process: only its own shell can crash it.
            Step.Crash crash => new Tool.Shell($"kill -{crash.Signal ?? 9} $PPID"),
            _ => null,
        };
        if (tool is null) return;
        if (request.Tools.Call(tool, request.WorkingDirectory) is { } call)
            await message.CallTool($"toolu_{Guid.NewGuid():N}"[..30], call.Name, call.Input);
        else
            await Say(message, $"The script wants a tool that is not offered: {tool}");
    }

    private static async Task Say(IMessage message, string text)
    {
        await message.BeginBlock("text");
        await message.Piece(text);
        await message.EndBlock();
    }
}
