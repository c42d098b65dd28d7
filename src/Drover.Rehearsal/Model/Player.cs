using System.Diagnostics;
using System.Globalization;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model;

/// <summary>Plays the reply that a main request asks for.</summary>
internal sealed class Player(Refusals refusals, TimeProvider time)
{
    private static readonly TimeSpan FilePoll = TimeSpan.FromMilliseconds(20);

    /// <returns>The status answered, or 0 when the connection is to be closed without an end.</returns>
    /// <exception cref="OperationCanceledException">The client went away.</exception>
    public async Task<int> Answer(Scene scene, IWireFormat format, ModelRequest request, HttpConnection connection, CancellationToken token)
    {
        var turn = scene.Script.TurnFor(request.History.Prompts);
        var number = Math.Min(request.History.ToolCalls, turn.Replies.Count - 1);
        var reply = turn.Replies[number];
        var message = Message(format, request, reply.Tokens, connection);
        if (request.Awaiting is { } awaiting)
        {
            await message.CallTool(awaiting);
            await message.Finish(calledTool: true);
            return 200;
        }

        for (var i = 0; i < reply.Steps.Count; i++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{scene.Name}/{request.Conversation}/{request.History.Prompts.Count}/{number}/{i}");
            if (refusals.Of(reply.Steps[i], place) is { } trouble) return await Refuse(format.Refusal(trouble), request, message, format, connection);
            if (reply.Steps[i] is Step.Drop drop) return await Drop(drop, message, connection);
            await Play(reply.Steps[i], message, request, token);
        }

        var called = await Call(reply.Last, message, request);
        await message.Finish(called);
        return 200;
    }

    /// <summary>A short answer to an errand of the CLI's own, in the shape that it asks for.</summary>
    public static async Task<int> AnswerErrand(IWireFormat format, ModelRequest request, HttpConnection connection)
    {
        var message = Message(format, request, Tokens.Usual, connection);
        var text = request.AnswerSchema is { } schema ? SchemaAnswer.For(schema)?.ToJsonString() ?? "null" : request.Summary ?? SchemaAnswer.Text;
        await Say(message, text);
        await message.Finish(calledTool: false);
        return 200;
    }

    private static IMessage Message(IWireFormat format, ModelRequest request, Tokens tokens, HttpConnection connection) => request.Streams
        ? format.Stream(connection, request, tokens)
        : new WholeMessage(connection, blocks => format.Whole(request, blocks, tokens).ToJsonString(), format.Headers);

    private static async Task<int> Refuse(HttpRefusal refusal, ModelRequest request, IMessage message, IWireFormat format, HttpConnection connection)
    {
        if (message.HasBegun || (refusal.InStream && request.Streams))
        {
            await message.Fail(refusal);
            return 200;
        }

        await connection.AnswerJson(refusal.Status, [.. refusal.Headers, .. format.Headers], refusal.Body.ToJsonString());
        return refusal.Status;
    }

    /// <summary>A body that ends properly though the message does not is no error to some CLIs; one that breaks off is.</summary>
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

    private async Task Play(Step step, IMessage message, ModelRequest request, CancellationToken token)
    {
        switch (step)
        {
            case Step.Say say:
                await Speak(message, BlockKind.Text, say.Text, say.Pace, token);
                break;
            case Step.Think think:
                await Speak(message, BlockKind.Thinking, think.Text, think.Pace, token);
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
                await message.Verbatim(malformed.Text);
                break;
            case Step.Raw raw:
                await message.Verbatim(raw.Json);
                break;
            case Step.Spend or Step.FloodStandardError or Step.Refuse or Step.UsageLimit:
                // Tokens stand in the message already, standard error is the CLI's own, and a refusal that is here has been lifted.
                break;
            default:
                throw new UnreachableException(step.GetType().Name);
        }
    }

    private async Task Speak(IMessage message, BlockKind kind, string text, Pace pace, CancellationToken token)
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
        await message.BeginBlock(BlockKind.Text);
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

    /// <returns>Whether a tool was called.</returns>
    private static async Task<bool> Call(Step? last, IMessage message, ModelRequest request)
    {
        Tool? tool = last switch
        {
            Step.Use use => use.Tool,
            // The CLI is another process: only its own shell can crash it.
            Step.Crash crash => new Tool.Shell($"kill -{crash.Signal ?? 9} $PPID"),
            _ => null,
        };
        if (tool is null) return false;
        if (request.Tools.Call(tool, request.WorkingDirectory) is { } call)
        {
            await message.CallTool(call);
            return true;
        }

        await Say(message, $"The script wants a tool that is not offered: {tool}");
        return false;
    }

    private static async Task Say(IMessage message, string text)
    {
        await message.BeginBlock(BlockKind.Text);
        await message.Piece(text);
        await message.EndBlock();
    }
}
