namespace Drover.Server.Journaling;

/// <summary>A function over an open transaction, and the promise to its caller.</summary>
internal abstract class Command
{
    internal Exception? Error { get; private protected set; }

    /// <summary>False when the function threw; its savepoint is then to be rolled back.</summary>
    internal abstract bool Run(Tx tx);

    /// <summary>Tells the caller, whose code never runs on the writer's thread.</summary>
    /// <param name="lost">Why nothing of the whole group is stored; null after the commit.</param>
    internal abstract void Complete(Exception? lost);
}

internal sealed class Command<T>(Func<Tx, T> work) : Command
{
    private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T result = default!;

    internal Task<T> Done => done.Task;

    internal override bool Run(Tx tx)
    {
        try
        {
            result = work(tx);
            return true;
        }
        catch (Exception e)
        {
            // Rethrown to the caller: a broken command is nobody else's matter.
            Error = e;
            return false;
        }
    }

    internal override void Complete(Exception? lost)
    {
        if ((Error ?? lost) is { } error) done.SetException(error);
        else done.SetResult(result);
    }
}
