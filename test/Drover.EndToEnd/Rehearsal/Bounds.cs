namespace Drover.EndToEnd.Rehearsal;

internal static class Bounds
{
    /// <summary>How long anything may take before a test gives up. Nothing is measured with it.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(90);
}
