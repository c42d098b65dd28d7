using Drover.Node.Repositories;
using Drover.Server.Projects;

namespace Drover.Server.Scheduling;

/// <summary>What may be wrong with one project's repository, and concerns no other project.</summary>
internal static class GroundTrouble
{
    public static bool Is(Exception e) => e is IOException or UnauthorizedAccessException or GitFailedException or ProjectUnusableException;
}
