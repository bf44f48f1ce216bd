package com.sable.moves;

/** What the steps of a move call; a step that has no use for one may be handed null for it. */
record Collaborators(
    Replica replica, HostClient client, Addresses addresses, Fences fences, Now now) {}
